// The one upstream of all contenders: usercoin's api/Smssend/doSend on node:http, with nothing around it, so that
// it is not what is measured. Refuses what the document does not allow; remembers no numbers, and counts its answers.
import { createServer } from 'node:http';

const required = ['mobile', 'uuid', 'username', 'type', 'internationalCode'];
const json = (body) => Buffer.from(JSON.stringify(body));
const sent = json({ code: 0, msg: '成功', data: { timeless: 180, nexttime: 120, code: '' } });
const refused = json({ code: 14, msg: '参数错误', data: [] });
let answered = 0;

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk.toString('latin1');
  });
  request.on('end', () => {
    const good = isGood(request, body);
    if (good) answered += 1;
    const answer = good ? sent : refused;
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': answer.length })
      .end(answer);
  });
});

function isGood(request, body) {
  if (request.method !== 'POST' || request.url !== '/api/Smssend/doSend') return false;
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return false;
  const form = new URLSearchParams(body);
  return (
    required.every((name) => form.has(name)) &&
    /^\+861[3-9]\d{9}$/.test(form.get('mobile')) &&
    form.get('internationalCode') === '+86' &&
    form.get('type') === '1'
  );
}

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', () => process.send({ answered }));
process.on('disconnect', () => process.exit());
