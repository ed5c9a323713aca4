"""`make sms-demo`: hold a conversation by SMS in the terminal, with a gateway and a Digispor of its own."""

import sys
import tempfile
import threading
from pathlib import Path

from benchmarks.house import House
from benchmarks.sms_citizen import open_sms, settings_for
from tests.sms_gateway.gateway import Phone

NUMBER = "+4520304050"


def show(phone: Phone, news: threading.Event) -> None:
    """Prints each text as it comes."""
    shown = 0
    while True:
        news.wait()
        news.clear()
        for text in phone.received[shown:]:
            indented = "\n    ".join(text.splitlines())
            print(f"\n  ┌ Digispor ({len(text)} tegn)\n    {indented}\n> ", end="", flush=True)
            shown += 1


def main() -> None:
    """Starts everything, and lets the person at the terminal be a phone."""
    provider = sys.argv[1] if len(sys.argv) > 1 else "gatewayapi-messaging"
    print("Starter Digispor med en prøvegateway. Det tager et halvt minut ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        house.prepare()
        with open_sms(house, provider) as gateway:
            house.settings = settings_for(gateway)
            phone = gateway.phone(NUMBER)
            try:
                house.start()
                print(f"Du skriver fra {NUMBER}. Skriv fx 'hej'. Ctrl-D slutter.\n> ", end="", flush=True)
                threading.Thread(target=show, args=(phone, gateway.news), daemon=True).start()
                for line in sys.stdin:
                    gateway.write(phone, line.rstrip("\n"))
            except KeyboardInterrupt:
                pass
            finally:
                house.stop()
    print("\nSlut.")


if __name__ == "__main__":
    main()
