// Entry of a child process that tries execution providers: a driver may end the process, and drivers write on stderr what they like.
import { Tensor, env } from 'onnxruntime-node';
import { messageOf } from '../base/index.js';
import { trialModel } from '../models/index.js';
import type { Provider } from './provider.js';
import type { TrialAnswer } from './runtime-info.js';
import { openOnProvider } from './session.js';

const send = (answer: TrialAnswer) =>
  new Promise<void>((resolve) => process.send!(answer, undefined, undefined, () => resolve()));

await send({ version: env.versions.node ?? env.versions.common });
for (const provider of process.argv.slice(2) as Provider[]) {
  const reason = await whyNot(provider);
  await send({ name: provider, ...(reason !== undefined && { reason }) });
}
// A driver's own threads may keep the process.
process.exit();

async function whyNot(provider: Provider): Promise<string | undefined> {
  try {
    const { session, fallbacks } = await openOnProvider(trialModel(), { provider, isRequired: false });
    if (fallbacks[0] === undefined) await session.run({ value: new Tensor('float32', [1], [1]) });
    return fallbacks[0]?.reason;
  } catch (error) {
    return messageOf(error);
  }
}
