/** The places of the navigation. */
export const places = [
  { name: "overview", href: "/console", label: "Overview" },
  { name: "messages", href: "/console/messages", label: "Messages" },
  { name: "tenants", href: "/console/tenants", label: "Tenants" },
] as const;

export type PlaceName = (typeof places)[number]["name"];
