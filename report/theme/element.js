"use strict";
// Elements of the page from plain values: texts stay texts, and an attribute that is null is left out.
const furnished = (node, attributes, children) => {
  for (const [key, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(key, value);
  node.append(...children);
  return node;
};
const element = (name, attributes = {}, ...children) => furnished(document.createElement(name), attributes, children);
