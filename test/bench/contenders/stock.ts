// Contender (c): the same stack, used as its own introductions show it. Apollo's standalone server, type-graphql with
// class-validator, axios as it comes, Prisma's `create` before the call and `update` after it.
import 'reflect-metadata';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { PrismaPg } from '@prisma/adapter-pg';
import axios from 'axios';
import { IsIn, IsMobilePhone, IsOptional, ValidateNested } from 'class-validator';
import {
  Arg,
  buildSchema,
  Ctx,
  createUnionType,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import { v7 as uuidv7 } from 'uuid';
import { PrismaClient } from '../../../src/db/generated/client.js';

const { PORT, DATABASE_URL, USERCOIN_URL } = process.env;

const prisma = new PrismaClient({
  adapter: new PrismaPg({ connectionString: DATABASE_URL, max: 10 }),
});

interface Context {
  client: string | undefined;
}

enum AccountCodePurpose {
  REGISTER = 'REGISTER',
  RESET_PASSWORD = 'RESET_PASSWORD',
}
registerEnumType(AccountCodePurpose, { name: 'AccountCodePurpose' });

@InputType()
class AccountCodeInput {
  @Field(() => String)
  @IsMobilePhone('zh-CN')
  phone!: string;

  @Field(() => AccountCodePurpose)
  @IsIn(Object.values(AccountCodePurpose))
  purpose!: AccountCodePurpose;
}

@InputType()
class RequestVerificationCodeInput {
  @Field(() => AccountCodeInput, { nullable: true })
  @IsOptional()
  @ValidateNested()
  account?: AccountCodeInput;
}

@ObjectType()
class VerificationCodeSent {
  @Field(() => ID)
  requestId!: string;

  @Field(() => String)
  maskedPhone!: string;

  @Field(() => Date)
  expiresAt!: Date;

  @Field(() => Date)
  resendAt!: Date;

  @Field(() => Int)
  expiresInMs!: number;

  @Field(() => Int)
  resendAfterMs!: number;

  @Field(() => Boolean)
  replayed!: boolean;
}

@ObjectType()
class Refusal {
  @Field(() => ID)
  requestId!: string;

  @Field(() => String, { nullable: true })
  providerCode?: string;
}

const RequestVerificationCodeResult = createUnionType({
  name: 'RequestVerificationCodeResult',
  types: () => [VerificationCodeSent, Refusal] as const,
});

@Resolver()
class VerificationCodeResolver {
  @Query(() => Boolean)
  alive(): boolean {
    return true;
  }

  @Mutation(() => RequestVerificationCodeResult)
  async requestVerificationCode(
    @Ctx() { client }: Context,
    @Arg('input', () => RequestVerificationCodeInput) { account }: RequestVerificationCodeInput,
  ): Promise<typeof RequestVerificationCodeResult> {
    if (!account) throw new Error('account is missing');
    const { phone, purpose } = account;
    const requestId = uuidv7();
    const maskedPhone = `${phone.slice(3, 6)}****${phone.slice(-4)}`;
    const createdAt = new Date();
    await prisma.auditRecord.create({
      data: {
        id: requestId,
        kind: 'VERIFICATION_CODE',
        provider: 'usercoin',
        operation: 'sendCode',
        purpose,
        outcome: 'PENDING',
        maskedPhone,
        client: client ?? null,
        createdAt,
        dueAt: new Date(createdAt.getTime() + 20_000),
      },
    });

    const { data } = await axios.post(
      `${USERCOIN_URL}/api/Smssend/doSend`,
      new URLSearchParams({
        mobile: phone,
        uuid: '',
        username: '',
        type: purpose === AccountCodePurpose.REGISTER ? '1' : '2',
        internationalCode: '+86',
      }),
      { timeout: 8_000 },
    );
    const sent = Number(data.code) === 0;
    const settledAt = new Date();
    await prisma.auditRecord.update({
      where: { id: requestId },
      data: {
        outcome: sent ? 'ACCEPTED' : 'REFUSED',
        providerCode: String(data.code),
        settledAt,
        latencyMs: settledAt.getTime() - createdAt.getTime(),
      },
    });

    if (!sent) return Object.assign(new Refusal(), { requestId, providerCode: String(data.code) });
    return Object.assign(new VerificationCodeSent(), {
      requestId,
      maskedPhone,
      expiresAt: new Date(settledAt.getTime() + data.data.timeless * 1_000),
      resendAt: new Date(settledAt.getTime() + data.data.nexttime * 1_000),
      expiresInMs: data.data.timeless * 1_000,
      resendAfterMs: data.data.nexttime * 1_000,
      replayed: false,
    });
  }
}

const schema = await buildSchema({ resolvers: [VerificationCodeResolver], validate: true });
const apollo = new ApolloServer<Context>({ schema });
await startStandaloneServer(apollo, {
  listen: { host: '127.0.0.1', port: Number(PORT) },
  context: async ({ req }) => ({ client: req.headers['x-client-id'] as string | undefined }),
});
