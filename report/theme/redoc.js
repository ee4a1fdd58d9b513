"use strict";
// no search: its worker would need a looser policy
Redoc.init(
  "/openapi.json",
  { disableSearch: true, nativeScrollbars: true, theme: { typography: { fontFamily: "system-ui, sans-serif",
    headings: { fontFamily: "system-ui, sans-serif" } } } },
  document.getElementById("reference"),
);
