import { authenticationTemplate, type Content, template, textParameters } from "@message-sender/core/content";

export const templateExamples: Readonly<Record<string, Content>> = {
  "a template": template("order_ready", "en_US", [
    { type: "body", parameters: textParameters({ name: "Anna", order: "4711" }) },
  ]),
  "a template with an image and a link": template("order_shipped", "en_US", [
    { type: "header", parameters: [{ type: "image", image: { link: "https://shop.example.com/4711.jpg" } }] },
    { type: "body", parameters: textParameters(["Anna", "4711"]) },
    { type: "button", sub_type: "url", index: 0, parameters: [{ type: "text", text: "4711" }] },
  ]),
  "an authentication template": authenticationTemplate("sign_in", "en_US", "481516"),
};
