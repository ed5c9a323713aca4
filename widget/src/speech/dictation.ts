/** The part of the browser's speech recognition that is used; TypeScript does not know it yet. */
interface Recognition {
  lang: string;
  continuous: boolean;
  start(): void;
  stop(): void;
  abort(): void;
  onresult: ((event: { resultIndex: number; results: ArrayLike<ArrayLike<{ transcript: string }>> }) => void) | null;
  onend: (() => void) | null;
  onerror: ((event: { error: string }) => void) | null;
}

type RecognitionClass = new () => Recognition;

/** Who hears what becomes of dictation. */
export interface DictationListener {
  heard(words: string): void;
  listening(isListening: boolean): void;
  failed(): void;
}

// The citizen was silent, or has ended it.
const NO_FAILURES = ['no-speech', 'aborted'];

/** Writes down what the citizen says, where the browser can. */
export class Dictation {
  private recognition: Recognition | undefined;

  constructor(private readonly listener: DictationListener) {}

  static get isAvailable(): boolean {
    return recognitionClass() !== undefined && allowsMicrophone();
  }

  /** Begins to listen, or ends it. */
  toggle(): void {
    if (this.recognition) {
      this.recognition.stop();
      return;
    }
    const Recognition = recognitionClass();
    if (!Recognition) return;
    const recognition = new Recognition();
    recognition.lang = 'da-DK';
    recognition.continuous = true;
    recognition.onresult = ({ resultIndex, results }) => {
      for (const result of Array.from(results).slice(resultIndex)) this.listener.heard(result[0]?.transcript.trim() ?? '');
    };
    recognition.onerror = ({ error }) => {
      if (!NO_FAILURES.includes(error)) this.listener.failed();
    };
    recognition.onend = () => this.ended();
    this.recognition = recognition;
    this.listener.listening(true);
    recognition.start();
  }

  /** Ends it without waiting for the last words. */
  abort(): void {
    this.recognition?.abort();
  }

  private ended(): void {
    this.recognition = undefined;
    this.listener.listening(false);
  }
}

function recognitionClass(): RecognitionClass | undefined {
  const { SpeechRecognition, webkitSpeechRecognition } = globalThis as unknown as Record<string, RecognitionClass | undefined>;
  return SpeechRecognition ?? webkitSpeechRecognition;
}

/** A page can forbid the microphone with a Permissions-Policy; then the button would only disappoint. */
function allowsMicrophone(): boolean {
  const { featurePolicy } = document as unknown as { featurePolicy?: { allowsFeature(name: string): boolean } };
  return featurePolicy?.allowsFeature('microphone') ?? true;
}
