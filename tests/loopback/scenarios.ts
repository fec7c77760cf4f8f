/** The loopback model's own play: the prompt `play NAME key=value …` chooses a scenario, any other is echoed. */

import { parsePlay } from "./parameters.ts";
import type { Play } from "./play.ts";
import { faultScenarios } from "./scenarios/faults.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { echo, textScenarios } from "./scenarios/text.ts";
import { toolScenarios } from "./scenarios/tools.ts";

/** Every scenario by the name that a prompt plays it with. */
export const scenarios: Record<string, Scenario> = {
  ...textScenarios,
  ...toolScenarios,
  ...faultScenarios,
};

/** The default play. */
export const playScenario: Play = (request, turnRequests) => {
  const chosen = parsePlay(request.prompt);
  const scenario = chosen === undefined ? undefined : scenarios[chosen.name];
  return chosen === undefined || scenario === undefined
    ? echo(request)
    : scenario(request, chosen.parameters, turnRequests);
};
