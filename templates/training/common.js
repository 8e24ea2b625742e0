"use strict";

// An element with attributes and children; text is only ever text.
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, String(value));
  }
  made.append(...children.filter((each) => each !== null && each !== undefined && each !== ""));
  return made;
}

function byId(id) {
  return document.getElementById(id);
}

function pageData() {
  const there = byId("data");
  return there ? JSON.parse(there.textContent) : {};
}

// A sentence of the catalogue with its values, such as "{found}".
function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
