// What the server says of itself to this page.

interface Settings {
  /** Tokens are handed out here. */
  development: boolean;
  /** The claim of a token that holds its roles. */
  roleClaim: string;
}

let settings: Settings = { development: false, roleClaim: 'roles' };

export async function learnSettings(): Promise<void> {
  try {
    const response = await fetch('/console/settings.json');
    if (response.ok) settings = (await response.json()) as Settings;
  } catch {
    // Offline: as in production.
  }
}

export const isDevelopment = () => settings.development;
export const roleClaim = () => settings.roleClaim;
