// The HTTP status where it is not Apollo's to choose. Overload is 503, so that proxies and clients wait. Whoever
// accepts application/json and nothing newer gets 200 for a document that does not fit, as that media type wants
// it: its clients read no body of a 400.
import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestContext } from '../context.js';

const documentFaults = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']);

export const chooseStatus: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response }) {
        if (response.body.kind !== 'single') return;
        const { data, errors = [] } = response.body.singleResult;
        const codes = errors.map(({ extensions }) => String(extensions?.code));
        const { http } = response;
        if (codes.includes('OVERLOADED')) {
          const waits = errors.map(({ extensions }) => Number(extensions?.retryAfterMs) || 0);
          http.headers.set('retry-after', String(Math.max(1, Math.ceil(Math.max(...waits) / 1_000))));
          if (data === undefined || data === null) http.status = 503;
        } else if (http.status === 400 && codes.every((code) => documentFaults.has(code))) {
          const accept = request.http?.headers.get('accept') ?? '';
          if (/^application\/json\b/i.test(accept) && !accept.includes('graphql-response')) http.status = 200;
        }
      },
    };
  },
};
