export { installLibtorch } from "./install-libtorch.mjs";
export { findLibtorch } from "./libtorch.mjs";
export { SetupProblem } from "./problem.mjs";
export { setUp } from "./steps.mjs";
export { missingTools, probeTools } from "./tools.mjs";
