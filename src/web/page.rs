//! The frame of every page that Perch writes itself.

/// `body` is HTML; whatever comes from outside was escaped before.
pub fn page(title: &str, body: &str) -> String {
    format!(
        r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif }}
body {{ max-width: 36rem; margin: 4rem auto; padding: 0 1.25rem }}
h1 {{ font-size: 2rem; line-height: 1.2; margin-bottom: .5rem }}
small {{ opacity: .7 }}
code {{ font-size: .95em }}
li {{ margin: .4rem 0 }}
</style>
{body}
</html>
"#
    )
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
