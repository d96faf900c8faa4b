"""Every setting of the project. Those of Scrapy are explained in its documentation, the project's
own (MIRROR_*) in docs/settings.md; each can be overridden with -s NAME=VALUE."""

import os

BOT_NAME = "mirror"
SPIDER_MODULES = ["mirror.spiders"]
COMMANDS_MODULE = "mirror.commands"

ITEM_PIPELINES = {
    "mirror.pipelines.DeduplicatePipeline": 100,
    "mirror.pipelines.CleanPipeline": 200,
    "mirror.pipelines.MarkdownPipeline": 300,
    "mirror.pipelines.QrPipeline": 400,
    "mirror.pipelines.RenderPipeline": 500,
    "mirror.pipelines.WritePipeline": 600,
}
EXTENSIONS = {
    "scrapy.extensions.logstats.LogStats": None,  # Progress says more
    "mirror.progress.Progress": 50,
    "mirror.extensions.Feeder": 100,
    "mirror.extensions.Bookkeeper": 200,
    "mirror.storage.StorageGuard": 300,
    "mirror.workers.Workers": 400,
    "mirror.workers.Worker": 500,
    "mirror.extensions.Finisher": 600,
}
ADDONS = {"mirror.addons.Profile": 100, "mirror.addons.Bystander": 200}
SPIDER_MIDDLEWARES = {  # what they are for does not occur here, and each looks at every article
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # the next one is stricter
    "mirror.middlewares.SourceMiddleware": 50,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": None,
    "mirror.middlewares.UserAgentMiddleware": 500,
}

ASYNCIO_EVENT_LOOP = "uvloop.Loop"
CONCURRENT_ITEMS = 1  # more only start idle tasks for each response: the stages do not wait

# The frontier in the database knows what was fetched.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"

# Scrapy trusts by default: close what a news crawl has no use for.
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024  # bytes
DOWNLOAD_TIMEOUT = 30  # seconds
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False  # it would follow a tag in an article's body
ROBOTSTXT_OBEY = True
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

FAKEUSERAGENT_PROVIDERS = ["mirror.middlewares.BrowserProvider"]
# Without a string here scrapy-fake-useragent fails and every request is signed "Scrapy/...".
FAKEUSERAGENT_FALLBACK = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36"
)
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",
}

LOG_LEVEL = "INFO"
LOG_FORMATTER = "mirror.logs.OneLineFormatter"

MIRROR_SOURCE_URL = "https://www.epochtimes.com"  # all requests go there
MIRROR_OUTPUT = "output"  # the tree that is published
MIRROR_DATABASE_URL = "sqlite:///state/mirror.db"
MIRROR_PUBLIC_URL = "https://github.com/gfw-breaker/banned-news3/blob/master"
MIRROR_PAGE_PATH = "pages/{section}/{id}.md"
MIRROR_THEME = "default"  # a folder of templates/, or the path of one
MIRROR_BEACON_URL = ""  # if set, pages ask there for a picture: a danger to readers
MIRROR_KEEP_PAGES = 0  # newest pages of a section that stay; 0: all
MIRROR_KEEP_DAYS = 0  # age in days up to which pages stay; 0: any
MIRROR_FULL_PAGES = 0  # pages with which the tree is full, see scrapy rollover; 0: never
MIRROR_FULL_BYTES = 0  # size with which it is
MIRROR_PROFILE = ""  # polite or bulk; empty: bulk towards this machine, else polite
MIRROR_WORKERS = 0  # processes of a crawl; 0: one for each core

MIRROR_LOCK_WAIT = 0  # seconds to wait for another run on the same tree or database to end
MIRROR_DISPLAY = ""  # live or log; empty: live on a terminal, else log
MIRROR_STATS_FILE = ""  # if set, a crawl writes there how it ended, as JSON

# This stays the last: the environment may give each of the MIRROR_* above.
_given = {name: value for name, value in os.environ.items() if name.startswith("MIRROR_")}
globals().update({name: value for name, value in _given.items() if name in globals()})
