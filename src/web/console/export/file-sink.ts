// Where an export goes: straight into a file where the browser can write one, else into a download when it is done.

export interface FileSink {
  write(text: string): Promise<void>;
  /** All is there: the file is kept, or handed to the person. */
  finish(): Promise<void>;
  /** Nothing is kept. */
  discard(): Promise<void>;
}

interface Writable {
  write(text: string): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

interface Picker {
  showSaveFilePicker?(options: { suggestedName: string }): Promise<{ createWritable(): Promise<Writable> }>;
}

/** Null where the person chose no file. */
export async function openSink(name: string, type: string): Promise<FileSink | null> {
  const { showSaveFilePicker } = window as Picker;
  if (!showSaveFilePicker) return downloadSink(name, type);
  try {
    const file = await showSaveFilePicker.call(window, { suggestedName: name });
    const writable = await file.createWritable();
    return {
      write: (text) => writable.write(text),
      finish: () => writable.close(),
      discard: () => writable.abort(),
    };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    return downloadSink(name, type);
  }
}

function downloadSink(name: string, type: string): FileSink {
  // A Blob of each page: the browser may keep them on disk.
  let parts: Blob[] = [];
  return {
    async write(text) {
      parts.push(new Blob([text]));
    },
    async finish() {
      const address = URL.createObjectURL(new Blob(parts, { type }));
      const link = document.createElement('a');
      link.href = address;
      link.download = name;
      link.click();
      parts = [];
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    },
    async discard() {
      parts = [];
    },
  };
}
