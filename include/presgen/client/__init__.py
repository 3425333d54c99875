"""A client of the API for programs: typed, awaited, and with errors that say what would have been fine.

async with Client("https://airflow.example.org", token=token) as client:
    order = await client.create_video(VideoRequest(record=record), key="order-17")
    status = await client.wait(order.video_id)
    await client.download(status.assets[0], Path("lesson.mp4"))
"""

from presgen.client.calls import Client
from presgen.client.errors import ApiError, Conflict, NotAllowed, NotFound, Unavailable

__all__ = ["ApiError", "Client", "Conflict", "NotAllowed", "NotFound", "Unavailable"]
