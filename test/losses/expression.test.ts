import { parseLoss } from "../../lib/losses/expression/parse.js";
import { lossDefinitions, lossNames } from "../../lib/losses/registry.js";
import { StsError } from "../../lib/foundation/errors.js";
import { compileLoss } from "../../lib/losses/compile.js";

const terms = (text: string) =>
  parseLoss(text).terms.map(({ weight, name, parameters }) => ({ weight, name, parameters }));

const failure = (text: string): StsError => {
  try {
    compileLoss(text);
  } catch (error) {
    if (error instanceof StsError) return error;
    throw error;
  }
  throw new Error(`${text} is accepted.`);
};

describe("an expression means what it says", () => {
  it.each([
    ["l1", [{ weight: 1, name: "l1", parameters: {} }]],
    [
      "l1+huber",
      [
        { weight: 1, name: "l1", parameters: {} },
        { weight: 1, name: "huber", parameters: { delta: 1 } },
      ],
    ],
    [
      " .7 * mse\n+\t3e-1*pearson ",
      [
        { weight: 0.7, name: "mse", parameters: {} },
        { weight: 0.3, name: "pearson", parameters: {} },
      ],
    ],
    ["huber ( delta = 0.5 )", [{ weight: 1, name: "huber", parameters: { delta: 0.5 } }]],
    ["huber()", [{ weight: 1, name: "huber", parameters: { delta: 1 } }]],
    [
      "multiple-negatives-ranking(threshold=0.5, scale=5)",
      [
        {
          weight: 1,
          name: "multiple-negatives-ranking",
          parameters: { scale: 5, threshold: 0.5 },
        },
      ],
    ],
    [
      "mse+mse",
      [
        { weight: 1, name: "mse", parameters: {} },
        { weight: 1, name: "mse", parameters: {} },
      ],
    ],
  ])("%j", (text, expected) => {
    expect(terms(text)).toEqual(expected);
  });

  it.each([
    ["l1+huber", "l1 + huber(delta=1)"],
    ["0.70*mse+1*mse", "0.7*mse + mse"],
    ["1e-9*cosent+r-drop", "1e-9*cosent(scale=20) + r-drop"],
    ["1e30*angle(scale=1e22)", "1e+30*angle(scale=1e+22)"],
  ])("%j is kept in a configuration as %j, which compiles to itself", (text, canonical) => {
    expect(compileLoss(text).text).toBe(canonical);
    expect(compileLoss(canonical).text).toBe(canonical);
  });
});

describe("a mistake is shown where it is, with what to write instead", () => {
  it.each([
    // The grammar.
    ["", 1, `expected a loss or its weight, found the end.`],
    ["  ", 1, `expected a loss or its weight, found the end.`],
    ["l1 +", 5, `expected a loss or its weight, found the end.`],
    ["+l1", 1, `expected a loss or its weight, found "+".`],
    ["l1 l1", 4, `expected "+" or "(", found "l1".`],
    ["huber(delta=1))", 15, `expected "+", found ")".`],
    ["huber(delta=1", 14, `expected "," or ")", found the end.`],
    ["huber(delta=1 + l1", 15, `expected "," or ")", found "+".`],
    ["huber(delta=1,)", 15, `expected the name of a parameter, found ")".`],
    ["huber(0.5)", 7, `expected the name of a parameter, found "0.5".`],
    ["huber(delta 1)", 13, `expected "=" after the parameter's name, found "1".`],
    ["huber(delta=)", 13, `expected a number, found ")".`],
    ["huber(delta=one)", 13, `expected a number, found "one".`],
    ["0.5", 4, `expected "*" after the weight, found the end.`],
    ["0.5l1", 4, `expected "*" after the weight, found "l1".`],
    ["0.5*0.5*l1", 5, `expected the name of a loss, found "0.5".`],
    ["l1 - 0.5*mse", 4, `expected "+" or "(", found "-".`],
    ["l1-0.5*mse", 3, `expected "+" or "(", found "-0.5".`],
    ["l1 & mse", 4, `unexpected "&".`],
    ["l1 + 손실", 6, `unexpected "손".`],
    // Names.
    ["0.5*l1+hubr", 8, `there is no loss "hubr". Did you mean "huber"?`],
    ["MSE", 1, `there is no loss "MSE". Did you mean "mse"?`],
    ["smooth_l1", 1, `there is no loss "smooth_l1". Did you mean "smooth-l1"?`],
    ["hinge-embedding", 1, `there is no loss "hinge-embedding". Choose from l1, mse, huber,`],
    ["toString", 1, `there is no loss "toString".`],
    ["huber(delt=1)", 7, `"huber" has no parameter "delt". Did you mean "delta"?`],
    ["huber(scale=1)", 7, `"huber" has no parameter "scale". Choose from delta.`],
    ["huber(constructor=1)", 7, `"huber" has no parameter "constructor".`],
    ["l1(delta=1)", 4, `"l1" has no parameter "delta". It has none.`],
    ["huber(delta=1, delta=2)", 16, `delta is given twice.`],
    // Numbers.
    ["0*l1", 1, `expected a weight above 0 and finite, got 0.`],
    ["l1 + -0.5*mse", 6, `expected a weight above 0 and finite, got -0.5.`],
    ["1e999*l1", 1, `expected a weight above 0 and finite, got 1e999.`],
    ["huber(delta=0)", 13, `expected a number above 0 for delta, got 0.`],
    ["huber(delta=1e999)", 13, `expected a number above 0 for delta, got 1e999.`],
    ["cosent(scale=-1)", 14, `expected a number above 0 for scale, got -1.`],
    ["contrastive(margin=2.5)", 20, `expected a number above 0 and at most 2 for margin, got 2.5.`],
    ["cross-entropy(buckets=1)", 23, `expected an integer from 2 to 1000 for buckets, got 1.`],
    ["cross-entropy(buckets=6.5)", 23, `expected an integer from 2 to 1000 for buckets, got 6.5.`],
    [
      "multiple-negatives-ranking(threshold=80)",
      38,
      `expected a number from 0 to 1 for threshold, got 80.`,
    ],
    // Models.
    [
      "bce + cross-entropy",
      7,
      `cross-entropy(buckets=6) needs a head with 6 outputs, but bce needs a head with one logit.`,
    ],
    [
      "cross-entropy + l1 + cross-entropy(buckets=3)",
      22,
      `cross-entropy(buckets=3) needs a head with 3 outputs, but cross-entropy(buckets=6) needs a head with 6 outputs.`,
    ],
    [
      "cosent + 0.5*bce",
      14,
      `bce needs a head with one logit, but cosent(scale=20) needs a sentence encoder.`,
    ],
    ["0.5*r-drop", 5, `"r-drop" only regularises. Add a loss to it, as in "mse + r-drop".`],
  ])("%j", (text, column, problem) => {
    const { code, message } = failure(text);
    const [said, shown, caret] = message.split("\n");
    expect(code).toBe("INVALID_ARGUMENT");
    expect(said).toContain(`loss: column ${column}: ${problem}`);
    expect(shown).toBe(`  ${text}`);
    expect(caret).toBe(`  ${" ".repeat(column - 1)}^`);
  });

  it("stays under the place when the expression has line breaks", () => {
    expect(failure("l1\n\t+ hubr").message).toContain("\n  l1  + hubr\n        ^");
  });
});

it("has defaults that are in their ranges, for every loss", () => {
  for (const name of lossNames) {
    const { parameters } = lossDefinitions[name];
    const list = Object.entries(parameters).map(([key, value]) => `${key}=${value.default}`);
    expect(parseLoss(`${name}(${list.join(",")})`).terms[0]!.parameters).toEqual(
      parseLoss(name).terms[0]!.parameters,
    );
  }
});
