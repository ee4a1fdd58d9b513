"use strict";
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#documentation",
  presets: [SwaggerUIBundle.presets.apis],
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
});
