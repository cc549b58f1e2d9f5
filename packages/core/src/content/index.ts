/**
 * The content of messages: Meta's objects as types, a builder for each, and `parseContent`, which checks them. A builder's own
 * arguments are in camelCase; an object of Meta's that is passed in whole, such as a contact or a card, keeps Meta's names.
 *
 * @module @message-sender/core/content
 */
export { type Content, contentObject, type MessageType, plainContent } from "./content.ts";
export { type ContentJsonSchema, contentJsonSchemas } from "./content-json-schemas.ts";
export { type ContentProblem, messageTypes, parseContent } from "./parse-content.ts";
export {
  type Contact,
  type ContactAddress,
  type ContactEmail,
  type ContactName,
  type ContactOrganization,
  type ContactPhone,
  contacts,
  type ContactsContent,
  type ContactUrl,
} from "./contacts.ts";
export { type Location, location, type LocationContent } from "./location.ts";
export {
  type Audio,
  audio,
  type AudioContent,
  type Document,
  document,
  type DocumentContent,
  type Image,
  image,
  type ImageContent,
  type MediaObject,
  type Sticker,
  sticker,
  type StickerContent,
  type Video,
  video,
  type VideoContent,
  voice,
} from "./media.ts";
export { type KnownMedia, type MediaType, mediaTypeOf, mediaTypes } from "./media-types.ts";
export { type Reaction, reaction, type ReactionContent, removeReaction } from "./reaction.ts";
export { type Text, text, type TextContent } from "./text.ts";
export {
  carousel,
  type Carousel,
  type MediaCard,
  type ProductCard,
  type QuickReplyButton,
} from "./interactive/carousel.ts";
export { catalog, type CatalogMessage } from "./interactive/catalog.ts";
export { ctaUrl, type CtaUrl, type CtaUrlParameters } from "./interactive/cta-url.ts";
export { flow, type Flow, type FlowParameters } from "./interactive/flow.ts";
export type { Body, Footer, Frame, Header, InteractiveContent, TextHeader } from "./interactive/frame.ts";
export type { Interactive, OtherInteractive } from "./interactive/interactive.ts";
export { list, type List, type ListRow, type ListSection } from "./interactive/list.ts";
export { locationRequest, type LocationRequest } from "./interactive/location-request.ts";
export { product, type Product } from "./interactive/product.ts";
export { productList, type ProductList, type ProductSection } from "./interactive/product-list.ts";
export { buttons, type Reply, type ReplyButton, type ReplyButtons } from "./interactive/reply-buttons.ts";
export {
  authenticationTemplate,
  template,
  type Template,
  type TemplateContent,
  type TemplateLanguage,
} from "./template/template.ts";
export type {
  CatalogTemplateButton,
  CopyCodeTemplateButton,
  FlowTemplateButton,
  OtherTemplateButton,
  ProductsTemplateButton,
  QuickReplyTemplateButton,
  TemplateButton,
  UrlTemplateButton,
} from "./template/template-button.ts";
export type {
  LimitedTimeOffer,
  TemplateBody,
  TemplateCard,
  TemplateComponent,
  TemplateHeader,
} from "./template/template-components.ts";
export {
  type BodyParameter,
  type CurrencyParameter,
  type DateTimeParameter,
  type HeaderParameter,
  type TextParameter,
  textParameters,
} from "./template/template-parameters.ts";
