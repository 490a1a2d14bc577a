"""What Markdown makes of it."""

from collections.abc import Iterator

from tests.hostile.payloads import HTML64, IMG, RUN, SCRIPT

# --- Markdown --------------------------------------------------------------------------------------------------------


def markdown() -> Iterator[str]:
    for address in (
        f"javascript:{RUN}", f"JAVASCRIPT:{RUN}", f"javascript&colon;{RUN}", f"&#106;avascript:{RUN}",
        f"java%0ascript:{RUN}", f"vbscript:{RUN}", f"data:text/html;base64,{HTML64}", f"\\javascript:{RUN}",
    ):  # fmt: skip
        yield f"[x]({address})"
        yield f"[x](<{address}>)"
        yield f"![x]({address})"
        yield f"<{address}>"
        yield f"[x]\n\n[x]: {address}"
        yield f"[x][y]\n\n[y]: <{address}> 'x'"
    yield from [
        f"[x](java\nscript:{RUN})", f"[x](<java\nscript:{RUN}>)", f"[x]( javascript:{RUN} )",
        f"[x](\tjavascript:{RUN})", f'[x](https://techblog.test "onclick={RUN}")',
        f"[x](https://techblog.test '\"onmouseover={RUN}')", f'![x"onerror="{RUN}](x)', f"![{IMG}](x)",
        f'![x](x"onerror="{RUN})', f'![x](x "\'>{SCRIPT}")', f"[{SCRIPT}](x)", f"[{IMG}]()", f"[x](x)<{SCRIPT[1:]}",
        f"[![x](javascript:{RUN})](javascript:{RUN})", f"[x]: javascript:{RUN}\n[x]",
        f"[<img src=x onerror={RUN}>]: x\n[<img src=x onerror={RUN}>]", f"<https://techblog.test/\"onclick={RUN}>",
        f"<https://techblog.test/'><script>{RUN}</script>>", f"https://techblog.test/<{SCRIPT[1:]}",
        f"<x@y.test\"onclick={RUN}>", f"<mailto:x@y.test?\"onclick={RUN}>", f"```{IMG}\nx\n```",
        f"```\"><script>{RUN}</script>\nx\n```", f"```html onload={RUN}\n{SCRIPT}\n```", f"~~~ '{SCRIPT}\nx\n~~~",
        f"`{SCRIPT}", f"``{IMG}`", f"    {SCRIPT}", f"\t{IMG}", f"> {SCRIPT}", f">{IMG}\n> - {SCRIPT}",
        f"- {SCRIPT}\n  {IMG}", f"1. <svg\n   onload={RUN}>", f"# {IMG}", f"{IMG}\n===", f"## x {{#x onclick={RUN}}}",
        f"| {SCRIPT} |\n|-|\n| {IMG} |", f"|x|\n|:-:onload={RUN}|\n|y|", f"[^1]\n\n[^1]: {SCRIPT}",
        f"[^{IMG}]\n\n[^{IMG}]: x", f"[^1]\n\n[^1]:\n    {IMG}\n\n    <svg onload={RUN}>", f"x\n: {SCRIPT}",
        f"{IMG}\n: x", f"*[x]: {SCRIPT}", f"~~{SCRIPT}~~", f"**{IMG}**", f"_<{SCRIPT[1:]}_", f"x\\\n{SCRIPT}",
        f"\\<script>{RUN}\\</script>", f"\\\\{SCRIPT}", f"&lt;script&gt;{RUN}&lt;/script&gt;", f"&{SCRIPT}",
        f"---\ntitle: {SCRIPT}\nlayout: ../../../etc/passwd\n---\n{IMG}", f"+++\ntitle = '{IMG}'\n+++\n{SCRIPT}",
        f"{{% raw %}}{SCRIPT}{{% endraw %}}", f"{{{{< script >}}}}{RUN}{{{{< /script >}}}}",
        "$$\\href{javascript:canary()}{x}$$", "$\\unicode{<img src=x onerror=canary()>}$",
        f"```mermaid\ngraph LR; A[\"{IMG}\"]\nclick A href \"javascript:{RUN}\"\n```", f":{IMG}:", f"[[{SCRIPT}]]",
        f"==={SCRIPT}===", f"<div>\n\n{SCRIPT}\n\n</div>", f"<div markdown=1>[x](javascript:{RUN})</div>",
        f"<pre>\n\n{IMG}\n\n</pre>", f"<!--\n\n{SCRIPT}\n\n-->", f"<style>\n\n{IMG}\n\n</style>",
        f"<script>\n\n{RUN}\n\n</script>", f"<?x\n\n{SCRIPT}\n\n?>", f"<!X\n\n{SCRIPT}\n\n>",
        f"<![CDATA[\n\n{SCRIPT}\n\n]]>", f"<table>\n\n{SCRIPT}\n\n</table>", f"<svg\n\nonload={RUN}>",
        f"<a href='\n\njavascript:{RUN}'>x</a>", f"<img\nsrc=x\nonerror={RUN}\n>",
        f"<textarea>\n\n{IMG}\n\n</textarea>", f"<details ontoggle={RUN} open>\n\nx\n\n</details>",
    ]  # fmt: skip
