"""A process that publishes events until it is killed: python publisher.py SPOOL URL TOKEN COUNT."""

import asyncio
import sys

from rasa.utils.endpoints import EndpointConfig

from bot.events.broker import SpoolingEventBroker


async def main(spool, url, token, count):
    broker = await SpoolingEventBroker.from_endpoint_config(EndpointConfig(url, token=token, spool=spool))
    for number in range(int(count)):
        broker.publish({"sender_id": "c1", "event": "user", "text": str(number), "timestamp": float(number)})
        await asyncio.sleep(0)
    print("published", flush=True)
    await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
