// Chooses as whom the present tab calls; where the server issues no development tokens, takes a pasted one instead.
import { paste, useCaller } from './caller.js';
import { roles } from './operations.js';
import { useTabRole } from './use-tab-role.js';
import { words } from './words.js';

export function RoleSwitch() {
  const { language, issuesTokens, pastedToken, lacksToken } = useCaller();
  const [role, choose] = useTabRole();
  const text = words[language];

  if (!issuesTokens)
    return (
      <label className="bar-field" title={text.tokenHint}>
        {text.token}
        <input
          className="bar-control"
          type="password"
          autoComplete="off"
          spellCheck={false}
          placeholder={text.tokenPlaceholder}
          value={pastedToken}
          onChange={(event) => paste(event.target.value)}
        />
      </label>
    );

  return (
    <label className="bar-field" title={text.roleHint}>
      {text.role}
      <select
        className="bar-control"
        value={role}
        onChange={(event) => choose(roles.find((name) => name === event.target.value) ?? 'anonymous')}
      >
        {roles.map((name) => (
          <option key={name} value={name}>
            {text.roles[name]}
          </option>
        ))}
      </select>
      <span className="bar-problem" role="status">
        {lacksToken && text.noToken}
      </span>
    </label>
  );
}
