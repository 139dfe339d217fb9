// Lets plain Node run our .ts files: registers the load hook beside it.
import { register } from "node:module";
register("./ts-load.mjs", import.meta.url);
