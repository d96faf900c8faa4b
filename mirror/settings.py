"""Every setting of the project. Those of Scrapy are explained in its documentation, the project's
own (MIRROR_*) in docs/settings.md; each can be overridden with -s NAME=VALUE."""

import os
import sys
from pathlib import Path

from mirror.config.called import commands_module
from mirror.config.components import with_given
from mirror.config.given import given

BOT_NAME = "mirror"
SPIDER_MODULES = ["mirror.spiders"]
COMMANDS_MODULE = commands_module(sys.argv)

ITEM_PIPELINES = {
    "mirror.pipelines.DeduplicatePipeline": 100,
    "mirror.pipelines.WatchPipeline": 150,
    "mirror.pipelines.CleanPipeline": 200,
    "mirror.pipelines.MarkdownPipeline": 300,
    "mirror.pipelines.CompletenessPipeline": 350,
    "mirror.pipelines.QrPipeline": 400,
    "mirror.pipelines.RenderPipeline": 500,
    "mirror.pipelines.WritePipeline": 600,
}
ITEM_PROCESSOR = "mirror.crawl.item_processor.BatchItemProcessor"
EXTENSIONS = {
    "scrapy.extensions.logstats.LogStats": None,  # Progress says more
    "mirror.crawl.signal_errors.SignalErrors": 40,
    "mirror.reporting.progress.Progress": 50,
    "mirror.crawl.extensions.Feeder": 100,
    "mirror.crawl.extensions.Bookkeeper": 200,
    "mirror.quality.watch.Watch": 250,  # while the books are open, before workers hand over theirs
    "mirror.crawl.extensions.StorageGuard": 300,
    "mirror.crawl.evidence.Evidence": 350,  # before workers hand over their figures
    "mirror.crawl.workers.WorkerPool": 400,
    "mirror.crawl.workers.WorkerProcess": 500,
    "mirror.crawl.watchdog.Watchdog": 550,
    "mirror.crawl.clock_check.ClockCheck": 560,
    "mirror.crawl.extensions.Finisher": 600,
    "mirror.fetching.user_agents.UserAgentCheck": 700,
    "mirror.reporting.reminders.PublicAddressReminder": 800,
    "mirror.publishing.extension.PublishAtEnd": 900,
    "mirror.crawl.exporting.ExportAtEnd": 950,
}
ADDONS = {
    "mirror.crawl.addons.KnownNames": 50,
    "mirror.crawl.addons.Profile": 100,
    "mirror.crawl.addons.Unused": 150,
    "mirror.crawl.addons.Fetcher": 160,
    "mirror.crawl.addons.Bystander": 200,
    "mirror.crawl.descriptors.Descriptors": 250,  # behind what sets a pace
}
SPIDER_MIDDLEWARES = {  # what they are for does not occur here, and each looks at every article
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # the next one is stricter
    "mirror.fetching.middlewares.SourceMiddleware": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "mirror.fetching.robots.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": None,
    "mirror.fetching.user_agents.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "mirror.fetching.decompression.UnpackMiddleware": 590,
    "mirror.fetching.middlewares.PauseMiddleware": 730,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "mirror.fetching.middlewares.ProxyMiddleware": 750,
}

ASYNCIO_EVENT_LOOP = "uvloop.Loop"
WARN_ON_GENERATOR_RETURN_VALUE = False  # it reads the source of a callback again and again
STATS_CLASS = "mirror.engine.stats.Stats"
CONCURRENT_ITEMS = 1  # more only start idle tasks for each response: the stages do not wait

# The frontier in the database knows what was fetched.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"

# Scrapy trusts by default: close what a news crawl has no use for.
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOADER = "mirror.engine.downloading.Downloader"
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}
DOWNLOAD_MAXSIZE = (
    4 * 1024 * 1024
)  # bytes: 33 times the largest article seen, 8 times the largest feed
DOWNLOAD_TIMEOUT = 30  # seconds
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False  # it would follow a tag in an article's body
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "Scrapy"  # who wants none of us says it so, or to all
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

FAKEUSERAGENT_PROVIDERS = ["mirror.fetching.user_agents.BrowserProvider"]
FAKEUSERAGENT_FALLBACK = "unknown"  # without a string here scrapy-fake-useragent fails
DEFAULT_REQUEST_HEADERS: dict[
    str, str
] = {}  # each browser has its own (mirror/fetching/browsers.py)

LOG_LEVEL = "INFO"
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # what could not be fetched is told once, with all that is known
LOG_FORMATTER = "mirror.crawl.logformatter.OneLineFormatter"

MIRROR_SOURCE_URL = "https://www.epochtimes.com"  # all requests go there; or NAME=ADDRESS,...
MIRROR_SECTIONS = ""  # what scrapy crawl section mirrors without an id, separated by commas
MIRROR_SINCE = ""  # and how far back without since: a day such as 2021-12-01; empty: all
MIRROR_OUTPUT = "output"  # the tree that is published
MIRROR_DATABASE_URL = "sqlite:///state/mirror.db"
MIRROR_PUBLIC_URL = "https://mirror.invalid"  # nobody's (RFC 2606): nothing is published with it
MIRROR_SHORT_URL = ""  # a short address that leads to the public one, easy to type
MIRROR_PAGE_PATH = "pages/{section}/{id}.md"
MIRROR_THEME = "default"  # a folder of templates/, or the path of one
MIRROR_SCRIPT = ""  # hans or hant: Simplified or Traditional characters; "": as the source
MIRROR_BEACON_URL = ""  # if set, pages ask there for a picture: a danger to readers
MIRROR_KEEP_PAGES = 0  # newest pages of a section that stay; 0: all
MIRROR_KEEP_DAYS = 0  # age in days up to which pages stay; 0: any
MIRROR_FULL_PAGES = 0  # pages with which the tree is full, see scrapy rollover; 0: never
MIRROR_FULL_BYTES = 0  # size with which it is
MIRROR_GROUPS = ""  # of sections on the home page: a JSON object of name -> ids
MIRROR_PINNED = ""  # ids of articles that stand first on it, separated by commas
MIRROR_HIDDEN_TITLES = ""  # a regular expression: what it finds is listed in the months alone
MIRROR_FEEDS = 0  # articles in each of the feeds in the tree; 0: there are none
MIRROR_PICTURES = ""  # bytes of a lead picture and of a section's, such as 20k/100M; empty: none
MIRROR_PICTURE_WIDTH = 480  # pixels
MIRROR_EXPORTS = ""  # what each crawl brings up to date, such as "epub id=nsc418; epub by=day"
MIRROR_EXPORT_FOLDER = "exports"
MIRROR_SIGN_KEY = ""  # the file of a minisign key; empty: copies are not signed
MIRROR_PROFILE = ""  # polite or bulk; empty: bulk towards this machine, else polite
MIRROR_WORKERS = 0  # processes of a crawl; 0: one for each core

MIRROR_LOCK_WAIT = 0  # seconds to wait for another run on the same tree or database to end
MIRROR_DISPLAY = ""  # live, log or quiet; empty: live on a terminal, else log
MIRROR_STATS_FILE = ""  # if set, a crawl writes there how it ended, as JSON
MIRROR_METRICS_FILE = ""  # if set, a crawl writes there how it ended and where the mirror stands
MIRROR_WARC = ""  # if set, a crawl keeps there what it asked and was answered; never in the tree
MIRROR_NOTIFY = ""  # a command, or an http(s) address, that is told how each crawl ended
MIRROR_NOTIFY_ON = ""  # of which exit statuses; empty: all but COMPLETE, LOCKED and REFUSED
MIRROR_CHECK_IN = ""  # an http(s) address that is told when each crawl starts and ends

MIRROR_PAUSE = 0  # seconds that a host that refuses is left alone at first; 0: by the profile
MIRROR_BACKLOG = ""  # listing pages a run reads beyond the newest; empty: 40 if polite, else all
MIRROR_STALL_TIMEOUT = 900  # seconds without progress after which a crawl is ended; 0: never
MIRROR_USER_AGENT = "request"  # another browser on each request, or one for the session
MIRROR_FETCHER = "scrapy"  # or curl, which shakes hands as a browser and knows SOCKS
MIRROR_PROXIES = ""  # addresses separated by commas; all requests go through them, none directly
MIRROR_FAKE_IP = ""  # a network in 198.18.0.0/15: the fake addresses of a proxy such as Clash
MIRROR_PUBLISH = 0  # 1: each crawl ends with scrapy publish
MIRROR_PUBLISH_MAX_FAILED = 0.1  # share of a crawl's articles; with more it does not publish
MIRROR_HOMES = ""  # a JSON list of {"name", "public_url", "remote", "branch"}
MIRROR_GIT_NAME = "mirror"  # author and committer
MIRROR_GIT_EMAIL = "mirror@mirror.invalid"  # nobody's, RFC 2606
MIRROR_GIT_MESSAGE = ""  # with {new}, {changed}, {removed}, {titles}; empty: 同步: 新增 12, 更新 3
MIRROR_SSH_FOLDER = ""  # of id_ed25519 and known_hosts, for homes; empty: the operator's own
MIRROR_PUSH_TIMEOUT = 600  # seconds for one push

# Suspicion.
TWISTED_DNS_RESOLVER = "mirror.fetching.resolver.PublicResolver"
MIRROR_SUSPICION = 1  # 0: publish what pages give even if it is much less than usual

REDIS_URL = ""  # set by mirror/cluster/settings.py alone: empty where there is no cluster
MIRROR_REDIS_URL = "redis://localhost:6379/0"  # of a cluster's Redis
MIRROR_LEASE = 30  # seconds for which a silent worker of a cluster keeps what it holds

# These stay the last: mirror.toml may give each of the above, and the environment each MIRROR_*.
names = frozenset(filter(str.isupper, globals()))  # of all settings in this file
globals().update(with_given(globals(), given(names, os.environ, Path.cwd())))
