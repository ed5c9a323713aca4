/** Every word that the widget itself says. */

const rest = (count: number): string => (count === 1 ? '1 tegn' : `${count} tegn`);

export const texts = {
  title: 'Digispor',
  openChat: 'Skriv med Digispor',
  closeChat: 'Luk chatten',
  conversation: 'Samtalen',
  digispor: 'Digispor skrev:',
  citizen: 'Du skrev:',
  choices: 'Svarmuligheder',
  input: 'Skriv en besked',
  inputHint: 'Tryk Enter for at sende. Tryk Shift og Enter for at lave en ny linje.',
  send: 'Send',
  quickReplies: 'Hurtige beskeder',
  quick: ['Hjælp', 'Pause', 'Tal med et menneske'],
  connecting: 'Jeg åbner chatten …',
  lost: 'Forbindelsen er væk lige nu. Det, du har skrevet, er ikke tabt. Jeg prøver igen …',
  restored: 'Forbindelsen er tilbage.',
  typing: 'Digispor skriver …',
  delivery: {
    waiting: 'Ikke sendt endnu',
    sending: 'Sender …',
    sent: 'Sendt',
    refused: 'Ikke sendt. Skriv det gerne igen.',
  },
  charactersLeft: (left: number): string => `Der er plads til ${rest(left)} mere.`,
  charactersOver: (over: number): string => `Beskeden er ${rest(over)} for lang. Del den gerne i to.`,
  nearLimit: 'Der er snart ikke plads til mere i beskeden.',
  tooLong: 'Beskeden er for lang. Del den gerne i to.',
  calendar: 'Læg i min kalender',
  profile: 'Dit digitale billede',
  percent: (percent: number): string => `${Math.round(percent)} %`,
  noPercent: 'for få svar',
  today: 'I dag',
  yesterday: 'I går',
  date: (weekday: string, dayAndMonth: string): string =>
    `${weekday.charAt(0).toUpperCase()}${weekday.slice(1)} den ${dayAndMonth}`,
  clock: (time: string): string => `kl. ${time}`,
} as const;
