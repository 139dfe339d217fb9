/**
 * The door of a client's connection: one Conn, and the exchanges that take turns on it. Come here with a Conn and
 * a Call to get its response.
 */
export { Connection, type ConnectionOwner } from "./connection.ts";
