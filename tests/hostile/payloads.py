"""What would run and what would be asked, if somebody's words became markup: the tests give both a meaning."""

import base64

RUN = "canary()"
HOST = "canary.test"
IMG = f"<img src=x onerror={RUN}>"
OPEN = '<p title="'
SCRIPT = f"<script>{RUN}</script>"
REMOTE = f"<script src=//{HOST}/x.js></script>"
HTML64 = base64.b64encode(SCRIPT.encode()).decode()
SVG64 = base64.b64encode(f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RUN}"/>'.encode()).decode()
