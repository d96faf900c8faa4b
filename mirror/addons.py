"""Scrapy add-ons: sets of settings with a name."""

from __future__ import annotations

from scrapy.settings import BaseSettings

from mirror.options import Options
from mirror.profiles import PROFILES


class Profile:
    """Set the pace that MIRROR_PROFILE names; what the operator sets with -s wins over it."""

    def update_settings(self, settings: BaseSettings) -> None:
        profile = Options.from_settings(settings).profile
        settings.setdict(PROFILES.get(profile, {}), priority="addon")
