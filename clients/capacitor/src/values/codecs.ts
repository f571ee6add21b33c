import type { ColumnPlan } from '../plan.js';
import type { Codec } from './codec.js';
import { InstantCodec, TimeCodec } from './instantCodecs.js';
import { BooleanCodec, DecimalCodec, FloatCodec, IntegerCodec } from './numberCodecs.js';
import { JsonCodec, TextCodec, UuidCodec } from './textCodecs.js';

/** How a column's values are held, by the meaning that central gives to it. */
export function codecFor(plan: ColumnPlan): Codec {
  switch (plan.central.logical) {
    case 'Boolean':
      return new BooleanCodec(plan);
    case 'Integer':
      return new IntegerCodec(plan);
    case 'Float':
      return new FloatCodec(plan);
    case 'Decimal':
      return new DecimalCodec(plan);
    case 'Date':
    case 'Timestamp':
    case 'TimestampTz':
      return new InstantCodec(plan);
    case 'Time':
      return new TimeCodec(plan);
    case 'Uuid':
      return new UuidCodec(plan);
    case 'Json':
      return new JsonCodec(plan);
    default:
      return new TextCodec(plan);
  }
}
