import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType({
  simpleResolvers: true,
  description:
    'The state of the server. It is the same for all accounts, apart from `waitingDeliveries`.',
})
export class System {
  @Field(() => String, { description: 'The version of Flowgate.' })
  version!: string;

  @Field(() => String, { description: 'The version of PostgreSQL.' })
  databaseVersion!: string;

  @Field(() => Float, {
    description:
      'By how many seconds the clock of the database is ahead of the server’s; negative where it is behind.',
  })
  clockSkewSeconds!: number;

  @Field(() => Int, { description: 'How many migrations the database has.' })
  appliedMigrations!: number;

  @Field(() => Int, { description: 'How many migrations of this version the database lacks.' })
  pendingMigrations!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'Free bytes of the disk with the embedded database. Null: the database is elsewhere.',
  })
  diskFreeBytes!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Bytes of the disk with the embedded database. Null: the database is elsewhere.',
  })
  diskTotalBytes!: number | null;

  @Field(() => Float, {
    description:
      'How many webhook deliveries of the account wait; at most 100 000 are counted at each endpoint.',
  })
  waitingDeliveries!: number;

  @Field(() => Int, { description: 'How many read replicas are configured.' })
  replicas!: number;

  @Field(() => Int, {
    description:
      'How many of the replicas answer reads; the others are away, or lag too far behind.',
  })
  usedReplicas!: number;
}
