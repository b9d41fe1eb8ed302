export const CLASSES = ["diplomacy", "military", "trade"];

/** PLOVER's types, cooperative ones first. */
export const TYPES = [
  "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
  "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
];

const BODIES = {
  EUU: "European Union", NAT: "NATO", UNO: "United Nations", IGO: "International body",
};
let countries = {};

export function useNames(world) {
  countries = world.countries;
}

/** The name of a country or body by its code. */
export const nameOf = (code) => BODIES[code] ?? countries[code]?.[0] ?? code;

/** The codes of one side, or its names, each once. */
export const side = (actors) => [...new Set((actors ?? []).map((actor) => actor.country ?? actor.name))].join(", ") || "–";
