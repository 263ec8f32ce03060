// One call of a provider: its breaker, its deadline, the exchange, and what the answer means. Never repeated.
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  circuitBreaker,
  handleType,
  SamplingBreaker,
} from 'cockatiel';
import { openTransport, type Transport } from '../providers/http.js';
import {
  type Call,
  type CommonSettings,
  type Operation,
  type Provider,
  type Reply,
  TransportFailure,
} from '../providers/provider.js';

/** A provider as this process reaches it. */
export interface ProviderLine {
  readonly provider: Provider;
  /** Null where it is not configured. */
  readonly settings: CommonSettings | null;
  breakerState(): 'CLOSED' | 'OPEN' | 'HALF_OPEN';
  /**
   * @throws TransportFailure where no whole answer came; UnreadableAnswer where it made no sense
   */
  call<Input, Value extends object, Settings extends CommonSettings>(
    operation: Operation<Input, Value, Settings>,
    input: Input,
    call: Pick<Call, 'requestId'>,
  ): Promise<Reply<Value>>;
  close(): Promise<void>;
}

/** Connections to one provider at most; further calls wait, within their deadline. */
const CONNECTIONS = 256;

export function openLine(provider: Provider, settings: CommonSettings | null): ProviderLine {
  const transport: Transport | null = settings && openTransport(settings.baseUrl, CONNECTIONS);
  const breaker = openBreaker();
  return {
    provider,
    settings,
    breakerState: () => stateOf(breaker),

    async call(operation, input, { requestId }) {
      if (!transport || !settings) throw new Error(`${provider.id} is not configured`);
      // The settings are those that this provider's own `configure` made.
      const own = settings as Parameters<typeof operation.request>[1];
      const request = operation.request(input, own, { requestId, now: new Date() });
      // One call tries whether the provider is back. Another one would wait for how that ends, outside of its deadline.
      if (breaker.state === CircuitState.HalfOpen) throw new TransportFailure(false, 'BREAKER_OPEN');
      try {
        const answer = await breaker.execute(() =>
          transport.exchange(request, operation.deadlineMs?.(own) ?? settings.deadlineMs),
        );
        return operation.read(answer, own, { requestId, now: new Date() });
      } catch (error) {
        if (error instanceof BrokenCircuitError) throw new TransportFailure(false, 'BREAKER_OPEN', error);
        throw error;
      }
    },

    async close() {
      await transport?.close();
    },
  };
}

/** Opens when half of at least 60 calls within 30 s broke off, and lets one through after ten seconds. */
function openBreaker(): CircuitBreakerPolicy {
  return circuitBreaker(handleType(TransportFailure), {
    halfOpenAfter: 10_000,
    breaker: new SamplingBreaker({ threshold: 0.5, duration: 30_000, minimumRps: 2 }),
  });
}

function stateOf(breaker: CircuitBreakerPolicy): 'CLOSED' | 'OPEN' | 'HALF_OPEN' {
  switch (breaker.state) {
    case CircuitState.Open:
    case CircuitState.Isolated:
      return 'OPEN';
    case CircuitState.HalfOpen:
      return 'HALF_OPEN';
    default:
      return 'CLOSED';
  }
}
