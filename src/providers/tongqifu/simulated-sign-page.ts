// The page that authSignLink leads to in the sandbox: a plain form, without script, for a phone's browser.
import type { SimulatedAnswer } from '../provider.js';
import type { SimulatedBinding } from './simulated-binding.js';

/** Before the signature; after it, the same page says so. */
export function signPage({ memberId, personName, phone, trace, ended }: SimulatedBinding): SimulatedAnswer {
  const action = ended
    ? '<p role="status">该申请已处理，无需重复签署。</p>'
    : `<form method="post" action="sign">
<input type="hidden" name="trace" value="${escaped(trace)}">
<button name="decision" value="sign">同意并签署</button>
<button name="decision" value="decline" class="second">拒绝签署</button>
</form>`;
  return page(
    200,
    `<dl>
<dt>会员编号</dt><dd>${escaped(memberId)}</dd>
<dt>被授权人</dt><dd>${escaped(hidden(personName))}</dd>
<dt>绑定手机号</dt><dd>${escaped(`${phone.slice(0, 3)}****${phone.slice(-4)}`)}</dd>
</dl>
<p>本人同意作为企业的被授权人，将以上手机号绑定至该会员，用于接收验证短信。</p>
${action}`,
  );
}

export function unknownPage(): SimulatedAnswer {
  return page(404, '<p role="alert">签约链接无效或已过期，请重新申请。</p>');
}

/** On to the merchant's own page, with what the document says it is told. */
export function onToJumpUrl({ jumpUrl, serial, memberId, phone, ended }: SimulatedBinding): SimulatedAnswer {
  const url = new URL(jumpUrl);
  url.searchParams.append('reqTraceNum', serial);
  url.searchParams.append('signNum', memberId);
  url.searchParams.append('bindResult', ended ?? '');
  url.searchParams.append('phone', phone);
  return { ...page(303, ''), headers: { ...guards, location: url.href } };
}

const guards = {
  'content-security-policy': "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
};

function page(status: number, main: string): SimulatedAnswer {
  return {
    status,
    contentType: 'text/html; charset=utf-8',
    headers: guards,
    scenario: 'WELL',
    body: `<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>授权手机号签约（沙箱）</title>
<link rel="icon" href="data:,">
<style>
body { margin: 0; background: #f2f4f7; color: #1d2129; font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; }
main { box-sizing: border-box; max-width: 480px; margin: 0 auto; padding: 24px 16px; }
h1 { font-size: 20px; margin: 0 0 4px; }
.note { color: #5a6270; font-size: 14px; margin: 0 0 16px; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 8px 16px; background: #fff; border-radius: 8px; padding: 16px; margin: 0; }
dt { color: #5a6270; } dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
button { display: block; width: 100%; min-height: 48px; margin-top: 12px; border: 1px solid #1554ad; border-radius: 8px; background: #1554ad; color: #fff; font: inherit; }
button.second { background: #fff; color: #1554ad; }
button:focus-visible { outline: 3px solid #f5a623; outline-offset: 2px; }
</style>
</head>
<body>
<main>
<h1>授权手机号签约</h1>
<p class="note">沙箱页面：签署不产生任何法律效力。</p>
${main}
</main>
</body>
</html>
`,
  };
}

/** 张三丰 → 张**. */
function hidden(name: string): string {
  const [first = '', ...rest] = name;
  return first + '*'.repeat(Math.min(rest.length, 3));
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
