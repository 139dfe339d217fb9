/**
 * The door of fetch: a call of it in parts. What it runs on is said in ../fetch.ts.
 */
export { type Arrival, type FetchSettings, arrive } from "./call.ts";
export { readDataURL } from "./data-url.ts";
export { FETCH_ERRORS, type FetchCode, FetchError } from "./errors.ts";
export { messageOf, platformResponse } from "./load.ts";
export { type FetchInit, type FetchPlan, isRequest, planOf, planOfRequest } from "./plan.ts";
