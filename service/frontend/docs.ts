// The reference of the API at /docs. The page says where the description lies:
// <div id="docs" data-openapi="/openapi.json"></div>
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";

const root = document.getElementById("docs");
if (root) {
  SwaggerUI({
    domNode: root,
    url: root.dataset["openapi"],
    deepLinking: true,
    // By default the description would be sent to a validator on another host.
    validatorUrl: null,
  });
}
