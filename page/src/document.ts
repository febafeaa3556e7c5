// What the page's document holds, and the document of another page with another model.

export function element(id: string): HTMLElement | null {
  return document.getElementById(id);
}

// A file that stands in an element, in base64.
export function bytesOf(holder: HTMLElement): Uint8Array {
  const text = atob(holder.textContent!.trim());
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 0x8000) parts.push(String.fromCharCode(...bytes.subarray(i, i + 0x8000)));
  return btoa(parts.join(""));
}

// The same program and looks around another model, under the same policy.
export function pageWith(model: Uint8Array, title: string): string {
  const escape = (text: string) =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
  const policy = document.querySelector("meta[http-equiv]")!.getAttribute("content")!;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${document.querySelector("style")!.textContent}</style>
</head>
<body>
<main><h1>${escape(title)}</h1></main>
<script id="model" type="application/octet-stream">${toBase64(model)}${"</"}script>
<script id="program">${element("program")!.textContent}${"</"}script>
</body>
</html>
`;
}
