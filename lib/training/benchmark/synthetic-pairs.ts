import { Random } from "../../data/random.js";

/** A pair to measure with; its label is null where none is known. */
export type BenchmarkPair = { sentence1: string; sentence2: string; label: number | null };

const words = (
  "오늘 날씨가 정말 좋아서 친구와 함께 공원을 걸었다 새로 산 가방은 생각보다 가볍고 튼튼하며 색깔도 마음에 든다 " +
  "배송이 늦어져 고객센터에 전화했지만 아무도 받지 않았다 그 영화는 음악과 연기가 모두 훌륭해서 다시 보고 싶다 " +
  "회의는 다음 주 화요일 오후 세 시에 본관 회의실에서 열릴 예정이다 한 남자가 무대 위에서 기타를 치며 노래를 부른다"
).split(" ");

/** Words of a sentence: most have 5 to 9, some a few, and some many. */
function wordCount(random: Random): number {
  const usual = 5 + random.integer(5);
  const kind = random.next();
  if (kind < 0.15) return 2 + random.integer(3);
  return kind > 0.85 ? usual + random.integer(16) : usual;
}

/**
 * Korean pairs of lengths as they are in files of short texts; what they say is without sense.
 * @param count of pairs, the same ones each time
 */
export function syntheticPairs(count: number): BenchmarkPair[] {
  const random = new Random(0);
  const sentence = () =>
    Array.from({ length: wordCount(random) }, () => words[random.integer(words.length)]).join(" ");
  return Array.from({ length: count }, () => ({
    sentence1: sentence(),
    sentence2: sentence(),
    label: null,
  }));
}
