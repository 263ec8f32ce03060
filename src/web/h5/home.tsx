// The start: what can be done here.
import { useEffect } from 'react';
import mark from '../explorer/favicon.svg';
import { Bar } from './elements/bar.js';
import { type Drawing, Icon } from './elements/icon.js';
import { useWords } from './language.js';
import { addressOf, type Screen } from './route.js';

const words = {
  zh: {
    name: '验证',
    lead: '注册、银行、运营商、企业手机号，\n一个接口完成验证。',
    needsSignIn: '需登录',
    about: '示例页面：每个 GraphQL 操作\n都放在使用它的组件旁边。',
    flows: {
      register: ['注册验证码', '发送短信验证码，重试不会多发一条'],
      'bank-code': ['银行验证码', '民生银行的 25 种业务场景'],
      operator: ['运营商认证', '服务密码加短信验证，按提示完成'],
      binding: ['绑定企业手机号', '申请、签约，实时查看结果'],
    },
  },
  en: {
    name: 'Yanzheng',
    lead: 'Accounts, banks, operators, company phones: verified through one API.',
    needsSignIn: 'Sign-in',
    about: 'An example: each GraphQL operation lies beside the component that sends it.',
    flows: {
      register: ['Register with a code', 'A code by SMS; trying again never sends a second one'],
      'bank-code': ['Bank code', '25 scenes of China Minsheng Bank'],
      operator: ['Operator authentication', 'Service password and SMS code, step by step'],
      binding: ['Bind a company phone', 'Apply, sign, and watch the result live'],
    },
  },
};

const flows: { screen: Exclude<Screen, 'home'>; drawing: Drawing; signedIn: boolean }[] = [
  { screen: 'register', drawing: 'phone', signedIn: false },
  { screen: 'bank-code', drawing: 'bank', signedIn: true },
  { screen: 'operator', drawing: 'signal', signedIn: true },
  { screen: 'binding', drawing: 'company', signedIn: true },
];

export function Home() {
  const text = useWords(words);
  useEffect(() => {
    document.title = '验证 Yanzheng';
  }, []);
  return (
    <div className="screen home">
      <Bar />
      <main className="content">
        <div className="hero">
          <img src={mark} alt="" width="56" height="56" />
          <h1>{text.name}</h1>
          <p className="lead">{text.lead}</p>
        </div>
        <ul className="flows">
          {flows.map(({ screen, drawing, signedIn }) => {
            const [title, what] = text.flows[screen];
            return (
              <li key={screen}>
                <a className="flow" href={addressOf(screen)}>
                  <span className="flow-mark">
                    <Icon of={drawing} />
                  </span>
                  <span className="flow-text">
                    <span className="flow-title">
                      {title}
                      {signedIn && <small>{text.needsSignIn}</small>}
                    </span>
                    <span className="flow-what">{what}</span>
                  </span>
                  <Icon of="forward" size={18} />
                </a>
              </li>
            );
          })}
        </ul>
        <p className="about">{text.about}</p>
      </main>
    </div>
  );
}
