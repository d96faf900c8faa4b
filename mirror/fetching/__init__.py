"""How a site is asked: pace, pauses, robots.txt, browsers' names, proxies."""
