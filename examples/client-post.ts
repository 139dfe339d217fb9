/**
 * Sends JSON, and a form.
 * Go: http.Post, http.PostForm
 *
 * Try: npm start, and beside it
 *      node --import ./scripts/ts-hook.mjs examples/client-post.ts
 */
import { post, postForm } from "barewire";

const url = process.argv[2] ?? "http://127.0.0.1:8080/echo";

const body = JSON.stringify({ name: "Ada", born: 1815 });
const answer = await post(url, "application/json", body);
if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
console.log("JSON:", await answer.body.json());

const form = await postForm(url, { name: "Ada", language: ["en", "fr"] });
console.log("form:", await form.body.text());

// A FormData brings its own type, with its boundary in it: so there is nothing to say about it.
const upload = new FormData();
upload.set("note", new Blob(["some text"], { type: "text/plain" }), "note.txt");
const parts = await post(url, undefined, upload);
console.log("multipart:", (await parts.body.bytes()).length, "bytes");
