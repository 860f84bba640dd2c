"""Parts of pages that live in the browser: a small Vue component each, and the element that feeds it."""
