// One click in development.
import type { Visit } from '../visit.js';

export async function signIn({ page, say }: Visit) {
  await page.getByRole('button', { name: say('以开发用户登录', 'Sign in for development') }).click();
  await page.getByText('dev-user').waitFor();
}
