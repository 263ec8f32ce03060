// What the server says of itself to this page.

interface Settings {
  /** Tokens are handed out here, and the SMS land in the sandbox's inbox. */
  development: boolean;
  /** A legal person's code can be confirmed here. */
  confirmation: boolean;
}

let settings: Settings = { development: false, confirmation: false };

export async function learnSettings(): Promise<void> {
  try {
    const response = await fetch('/h5/settings.json');
    if (response.ok) settings = (await response.json()) as Settings;
  } catch {
    // Offline: as in production.
  }
}

export const isDevelopment = () => settings.development;
export const canConfirm = () => settings.confirmation;

/** A value to try things out with; nothing in production. */
export const sample = (value: string) => (settings.development ? value : '');
