// Checks a value by a JSON Schema: the part of that language that docs/verdicts.schema.json uses.

import { timeOf } from "./time.js";

/** @typedef {Record<string, any>} Schema */

/** @param {string} name */
const unusable = (name) => (name ? `“${name}” is not usable` : "it is not usable");

/**
 * @param {any} value
 * @param {Schema} schema
 */
function isText(value, { pattern, minLength = 0, maxLength = Infinity, format }) {
  if (typeof value !== "string" || !value.isWellFormed()) return false;
  const { length } = [...value];
  if (length < minLength || length > maxLength) return false;
  if (pattern && !new RegExp(pattern, "u").test(value)) return false;
  return format !== "date-time" || !Number.isNaN(timeOf(value));
}

/**
 * @param {any} value
 * @param {Schema} schema
 * @param {Schema} root
 * @param {string} name
 */
function wrongInList(value, { items, maxItems = Infinity }, root, name) {
  if (!Array.isArray(value) || value.length > maxItems) return unusable(name);
  if (!items) return "";
  return value.map((item) => wrongIn(item, items, root, name)).find(Boolean) ?? "";
}

/**
 * @param {any} value
 * @param {Schema} schema
 * @param {Schema} root
 * @param {string} name
 */
function wrongInObject(value, schema, root, name) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return unusable(name);
  const { properties, required = [], additionalProperties = true } = schema;
  const missing = required.find((/** @type {string} */ field) => !Object.hasOwn(value, field));
  if (missing) return `“${missing}” is missing`;
  for (const field of Object.keys(value)) {
    const isKnown = Object.hasOwn(properties, field);
    if (!isKnown && !additionalProperties) return `“${field}” is not among its fields`;
    const wrong = isKnown && wrongIn(value[field], properties[field], root, field);
    if (wrong) return wrong;
  }
  return "";
}

/**
 * Says what is wrong with a value, or nothing.
 * @param {any} value as JSON.parse returns it
 * @param {Schema} schema
 * @param {Schema} root the schema that holds the definitions
 * @param {string} [name] of the field that holds the value
 * @returns {string}
 */
export function wrongIn(value, schema, root, name = "") {
  if (schema.$ref) return wrongIn(value, root.$defs[schema.$ref.split("/").at(-1)], root, name);
  if (schema.enum) return schema.enum.includes(value) ? "" : unusable(name);
  if (schema.type === "array") return wrongInList(value, schema, root, name);
  if (schema.type === "object") return wrongInObject(value, schema, root, name);
  return isText(value, schema) ? "" : unusable(name);
}
