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

// The citizen was silent, or has ended it.
const NO_FAILURES = ['no-speech', 'aborted'];

/** Writes down what the citizen says, where the browser can. */
export class Dictation {
  /** What is to be told of it. */
  state: 'off' | 'listening' | 'failed' = 'off';
  private recognition: Recognition | undefined;

  /** Takes who hears the words, and who is told when the state has changed. */
  constructor(
    private readonly heard: (words: string) => void,
    private readonly changed: () => void,
  ) {}

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
      for (const result of Array.from(results).slice(resultIndex)) this.heard(result[0]?.transcript.trim() ?? '');
    };
    recognition.onerror = ({ error }) => {
      if (!NO_FAILURES.includes(error)) this.become('failed');
    };
    recognition.onend = () => this.ended();
    this.recognition = recognition;
    this.become('listening');
    recognition.start();
  }

  /** Ends it without waiting for the last words. */
  abort(): void {
    this.recognition?.abort();
  }

  private ended(): void {
    this.recognition = undefined;
    if (this.state === 'listening') this.become('off');
  }

  private become(state: Dictation['state']): void {
    this.state = state;
    this.changed();
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
