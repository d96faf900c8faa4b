"""The file of the log: refused at the start if it cannot be written, and told of at the end."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from scrapy.settings import Settings
from scrapy.utils.log import configure_logging, get_scrapy_root_handler

from mirror.errors import ArgumentError


def check_log(settings: Settings) -> None:
    """Raise ArgumentError if LOG_FILE is set and cannot be written, or would be published."""
    if not settings["LOG_FILE"]:
        return
    file, output = Path(settings["LOG_FILE"]), Path(settings["MIRROR_OUTPUT"])
    if file.resolve().is_relative_to(output.resolve()):
        raise ArgumentError("LOG_FILE", file, f"must not lie in {output}, which is published")
    try:
        file.open("a").close()
        disk = os.statvfs(file)
    except OSError as error:
        raise ArgumentError("LOG_FILE", file, f"cannot be written: {error.strerror}") from None
    if file.is_file() and disk.f_blocks and not disk.f_bavail:
        raise ArgumentError("LOG_FILE", file, "cannot be written: its disk is full")


def open_log(settings: Settings) -> None:
    """Have what is logged go to LOG_FILE, if that is set. Raises ArgumentError, and unsets it."""
    try:
        check_log(settings)
    except ArgumentError:
        settings.set("LOG_FILE", None, "cmdline")
        raise
    if settings["LOG_FILE"]:
        configure_logging(settings)
        logging.raiseExceptions = False  # a disk that is full: `what_is_lost` says so, once


def what_is_lost(settings: Settings) -> str:
    """Return in words why the end of the log is not in its file, "" if it is there or there is none."""
    handler = get_scrapy_root_handler()
    try:
        if settings["LOG_FILE"] and handler:
            handler.flush()
    except OSError as error:
        return f"LOG_FILE={settings['LOG_FILE']}: its end could not be written: {error.strerror}"
    return ""
