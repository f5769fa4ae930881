//! The frame of every page that Perch writes itself.

/// `body` is HTML; whatever comes from outside was escaped before.
pub fn page(title: &str, body: &str) -> String {
    frame(title, "", body)
}

/// The same, which opens `path` by itself.
pub fn page_leading_to(path: &str, title: &str, body: &str) -> String {
    frame(title, &format!(r#"<meta http-equiv="refresh" content="0; url={path}">"#), body)
}

fn frame(title: &str, head: &str, body: &str) -> String {
    format!(
        r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{head}
<style>
:root {{ color-scheme: light dark; background: Canvas; color: CanvasText; font: 1rem/1.6 system-ui, sans-serif }}
body {{ max-width: 36rem; margin: 4rem auto; padding: 0 1.25rem }}
h1 {{ font-size: 2rem; line-height: 1.2; margin-bottom: .5rem }}
small {{ opacity: .7 }}
code {{ font-size: .95em }}
li {{ margin: .4rem 0 }}
input, button {{ font: inherit; padding: .5rem .75rem; border: 1px solid #8899; border-radius: .5rem; box-sizing: border-box }}
input {{ width: 100%; max-width: 22rem }}
button {{ background: #0b6e8a; color: #fff; border-color: #0b6e8a; cursor: pointer }}
:focus-visible {{ outline: 3px solid #36a9c9; outline-offset: 2px }}
[role=alert] {{ border-left: 4px solid #c33; padding-left: .75rem }}
</style>
<main>
{body}
</main>
</html>
"#
    )
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
