// Where the signing page sends the browser back to. What it says is signed by nobody, so it is taken as a hint
// where to go on, and never as news: a binding's state comes by notice.
import type { FastifyInstance } from 'fastify';
import { RETURN_PATH } from '../features/phone-binding/resolver.js';
import type { BindingState } from '../features/phone-binding/standing.js';
import type { Room } from '../limits/room.js';
import type { Flows } from '../pipeline/flow.js';
import { readBrowserReturn } from '../providers/tongqifu/return-page.js';

const BINDING = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** @param h5 the page that goes on with a binding from here; null where it is not served */
export function serveBindingReturn(app: FastifyInstance, flows: Flows, room: Room, h5: string | null): void {
  // Anybody may come back here, with any id: what that has the database do is bounded like all else.
  const read = (id: string) => room.within(() => flows.read<BindingState, unknown>('PHONE_BINDING', id));
  app.get(RETURN_PATH, async (request, reply) => {
    // The query holds a phone number: it goes no further than this line, also not as a referrer.
    reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store');
    const query = new URLSearchParams(request.url.split('?')[1] ?? '');
    const { requestId } = readBrowserReturn(query);
    const flow = requestId === null ? null : await read(requestId);
    if (flow) {
      const target = flow.state.returnUrl;
      const next = new URL(target ?? RETURN_PATH, 'http://self');
      next.searchParams.set('binding', flow.id);
      return reply.redirect(target ? next.href : next.pathname + next.search);
    }
    const goesOn = h5 !== null && BINDING.test(query.get('binding') ?? '');
    return reply.type('text/html; charset=utf-8').send(goesOn ? h5 : page);
  });
}

/** Shown where the front-end has named no page of its own, and the H5 page is not served or can't go on. */
const page = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>签约已提交</title>
<style>
body { font: 16px/1.6 system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif; margin: 0; color: #1f2329; }
main { max-width: 26rem; margin: 18vh auto 0; padding: 0 1.5rem; text-align: center; }
p { color: #51565d; }
small { color: #6b7075; }
</style>
</head>
<body>
<main>
<h1>签约已提交</h1>
<p>绑定结果以系统通知为准，请返回应用查看。</p>
<small lang="en">Your signature was submitted. Please return to the app, which will show the result.</small>
</main>
</body>
</html>
`;
