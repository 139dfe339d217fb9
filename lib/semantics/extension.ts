/**
 * The media type that the ending of a file's name stands for.
 * RFC 9110 §8.3 · Go: mime/type.go builtinTypesLower, TypeByExtension
 *
 * Rule of this file: one fixed table, Go's built-in one. The host's own tables are not asked (Go
 * does), so that a server answers the same on every machine.
 */
import { lowerAscii } from "../wire/mod.ts";

/**
 * The media type for an extension with its dot, in any case: ".HTML" gives "text/html;
 * charset=utf-8". Undefined for one that is not in the table. Go: mime.TypeByExtension
 */
export function typeByExtension(extension: string): string | undefined {
  return TYPES.get(lowerAscii(extension));
}

const HTML = "text/html; charset=utf-8";
const JAVASCRIPT = "text/javascript; charset=utf-8";
const XML = "text/xml; charset=utf-8";
const PLAIN = "text/plain; charset=utf-8";

const TYPES: ReadonlyMap<string, string> = new Map([
  [".ai", "application/postscript"],
  [".apk", "application/vnd.android.package-archive"],
  [".apng", "image/apng"],
  [".avif", "image/avif"],
  [".bin", "application/octet-stream"],
  [".bmp", "image/bmp"],
  [".com", "application/octet-stream"],
  [".css", "text/css; charset=utf-8"],
  [".csv", "text/csv; charset=utf-8"],
  [".doc", "application/msword"],
  [".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  [".ehtml", HTML],
  [".eml", "message/rfc822"],
  [".eps", "application/postscript"],
  [".exe", "application/octet-stream"],
  [".flac", "audio/flac"],
  [".gif", "image/gif"],
  [".gz", "application/gzip"],
  [".htm", HTML],
  [".html", HTML],
  [".ico", "image/vnd.microsoft.icon"],
  [".ics", "text/calendar; charset=utf-8"],
  [".jfif", "image/jpeg"],
  [".jpeg", "image/jpeg"],
  [".jpg", "image/jpeg"],
  [".js", JAVASCRIPT],
  [".json", "application/json"],
  [".m4a", "audio/mp4"],
  [".mjs", JAVASCRIPT],
  [".mp3", "audio/mpeg"],
  [".mp4", "video/mp4"],
  [".oga", "audio/ogg"],
  [".ogg", "audio/ogg"],
  [".ogv", "video/ogg"],
  [".opus", "audio/ogg"],
  [".pdf", "application/pdf"],
  [".pjp", "image/jpeg"],
  [".pjpeg", "image/jpeg"],
  [".png", "image/png"],
  [".ppt", "application/vnd.ms-powerpoint"],
  [".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"],
  [".ps", "application/postscript"],
  [".rdf", "application/rdf+xml"],
  [".rtf", "application/rtf"],
  [".shtml", HTML],
  [".svg", "image/svg+xml"],
  [".text", PLAIN],
  [".tif", "image/tiff"],
  [".tiff", "image/tiff"],
  [".txt", PLAIN],
  [".vtt", "text/vtt; charset=utf-8"],
  [".wasm", "application/wasm"],
  [".wav", "audio/wav"],
  [".weba", "audio/webm"],
  [".webm", "video/webm"],
  [".webp", "image/webp"],
  [".xbl", XML],
  [".xbm", "image/x-xbitmap"],
  [".xht", "application/xhtml+xml"],
  [".xhtml", "application/xhtml+xml"],
  [".xls", "application/vnd.ms-excel"],
  [".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  [".xml", XML],
  [".xsl", XML],
  [".zip", "application/zip"],
]);
