"""Making pictures small in processes of their own."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE

from mirror.errors import PictureError

_MAX_SECONDS = 60  # for one picture
_REASON_STATUS = 1  # the program has said why


async def shrink(data: bytes, width: int, max_bytes: int) -> bytes:
    """Return a picture as WebP of at most a width in pixels and a size in bytes; the same bytes for the
    same picture. Raises PictureError for one that is broken, animated or too large."""
    program = (sys.executable, "-m", "mirror.pictures.shrinker", str(width), str(max_bytes))
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}  # an egg's, too
    process = await asyncio.create_subprocess_exec(
        *program, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(data), _MAX_SECONDS)
    except asyncio.TimeoutError:
        raise PictureError(f"took more than {_MAX_SECONDS} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == 0:
        return output
    if process.returncode == _REASON_STATUS and output:
        raise PictureError(output.decode())
    raise PictureError("making it small failed")
