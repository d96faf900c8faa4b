"""How the site is asked: pace, pauses, robots.txt, browsers, proxies."""
