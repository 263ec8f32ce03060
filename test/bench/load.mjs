// The load generator, a process of its own: so many connections, each with one request under way, for so long.
// Sockets are spoken to directly, since an HTTP client would cost the shared core more than some contenders do.
// Every answer is read and has to be VerificationCodeSent, for the number that was asked for.
import { connect } from 'node:net';

process.on('message', async (order) => {
  try {
    process.send(await run(order));
  } catch (error) {
    process.send({ fault: error.message });
  }
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });

/** Latencies in ms of the requests that were begun within `forMs`, and when the first began and the last ended. */
async function run({ port, shape, connections, forMs, firstPhone }) {
  const latencies = [];
  const until = performance.now() + forMs;
  let phones = firstPhone;
  const beganAt = process.hrtime.bigint();
  await Promise.all(
    Array.from({ length: connections }, () =>
      converse(port, shape, () => {
        if (performance.now() >= until) return null;
        return phoneOf(phones++);
      }).then((took) => {
        for (const ms of took) latencies.push(ms);
      }),
    ),
  );
  const endedAt = process.hrtime.bigint();
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
  return {
    answered: latencies.length,
    seconds: Number(endedAt - beganAt) / 1e9,
    p50: at(0.5),
    p99: at(0.99),
    beganAt: String(beganAt),
    endedAt: String(endedAt),
  };
}

/** Different for every number: mainland mobiles whose last four digits are below 9000, so no sandbox scenario. */
function phoneOf(number) {
  const high = Math.floor(number / 9_000) % 10_000;
  return `138${String(high).padStart(4, '0')}${String(number % 9_000).padStart(4, '0')}`;
}

/** One connection, until `nextPhone` has no more; resolves with its latencies. */
function converse(port, { head, before, after }, nextPhone) {
  return new Promise((resolve, reject) => {
    const took = [];
    let received = '';
    let phone;
    let began;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, ask);
    socket.setEncoding('latin1');
    socket.setTimeout(15_000, () => fail('no answer for 15 s'));
    socket.on('error', (error) => fail(error.message));
    socket.on('close', () => fail('the connection was closed'));
    socket.on('data', (chunk) => {
      received = received === '' ? chunk : received + chunk;
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = /\r\ncontent-length: *(\d+)/i.exec(received.slice(0, end))?.[1];
      if (length === undefined) return fail(`no content-length: ${received}`);
      if (received.length < end + 4 + Number(length)) return;
      took.push(performance.now() - began);
      const fault = faultOf(received.slice(0, end), received.slice(end + 4));
      if (fault) return fail(fault);
      ask();
    });

    function ask() {
      received = '';
      phone = nextPhone();
      if (phone === null) {
        socket.removeAllListeners('close');
        socket.end();
        return resolve(took);
      }
      began = performance.now();
      socket.write(`${head}${before}${phone}${after}`);
    }

    function faultOf(headers, body) {
      const json = headers.startsWith('HTTP/1.1 200 ') ? JSON.parse(body) : {};
      const answer = json.data?.requestVerificationCode ?? json;
      const fits =
        answer.__typename === 'VerificationCodeSent' &&
        answer.requestId?.length === 36 &&
        answer.maskedPhone === `${phone.slice(0, 3)}****${phone.slice(-4)}`;
      return fits ? undefined : `not VerificationCodeSent for ${phone}: ${headers}\n${body}`;
    }

    function fail(reason) {
      socket.destroy();
      reject(new Error(reason));
    }
  });
}
