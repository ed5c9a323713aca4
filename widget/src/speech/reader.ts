/**
 * Reads aloud with the browser's Danish voice.
 *
 * Only voices that speak on the device itself count: others would send what was said in the conversation to whoever
 * runs them. A voice for another language would make Danish unintelligible.
 */
export class Reader {
  private readonly synthesis = globalThis.speechSynthesis as SpeechSynthesis | undefined;

  /** Takes who is told when voices have come, which browsers load late. */
  constructor(private readonly voicesChanged: () => void) {}

  connect(): void {
    // Older Safari has voices, but no events of them.
    this.synthesis?.addEventListener?.('voiceschanged', this.voicesChanged);
  }

  disconnect(): void {
    this.synthesis?.removeEventListener?.('voiceschanged', this.voicesChanged);
    this.stop();
  }

  get canRead(): boolean {
    return this.voice !== undefined;
  }

  /** Reads texts one after the other, after what is being read. */
  read(texts: readonly string[]): void {
    const { synthesis, voice } = this;
    if (!synthesis || !voice) return;
    // Some voices fall silent in the middle of a long text, so each line is read by itself.
    for (const line of texts.flatMap((text) => text.split('\n')).filter((line) => line.trim())) {
      const utterance = new SpeechSynthesisUtterance(line);
      utterance.voice = voice;
      utterance.lang = voice.lang;
      synthesis.speak(utterance);
    }
  }

  stop(): void {
    this.synthesis?.cancel();
  }

  private get voice(): SpeechSynthesisVoice | undefined {
    return this.synthesis?.getVoices().find(({ lang, localService }) => localService && /^da\b/i.test(lang));
  }
}
