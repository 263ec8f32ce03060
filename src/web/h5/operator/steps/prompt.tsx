// What the operator says; in the tone of a correction where the last answer was not taken.
export function Prompt({ text, retry = false }: { text: string; retry?: boolean }) {
  return (
    <p className="prompt" data-retry={retry} role={retry ? 'alert' : 'status'}>
      {text}
    </p>
  );
}
