//! `hanpyo-voter` against a real server process, with elections set up by the real programs.
//!
//! Setting up takes most of the time, so one test sets up once and then goes through all situations, one after another;
//! each takes voters of its own.

mod board;
mod cuts;
mod files;
mod proxy;
mod refusals;
mod reissued;
mod votes;
mod world;

use world::World;

#[test]
fn a_voter_in_every_situation() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let mut world = World::new().await;
        votes::one_voter_is_asked_for_the_code_and_gets_what_proves_the_vote(&mut world).await;
        votes::a_challenged_ballot_does_not_count_and_the_next_one_does(&mut world).await;
        votes::many_voters_from_files(&mut world).await;
        reissued::a_voter_whose_letter_was_lost_votes_with_the_new_one(&mut world).await;
        refusals::whoever_has_voted_cannot_vote_again(&mut world).await;
        refusals::wrong_codes_and_choices_cast_nothing(&mut world).await;
        refusals::another_election_than_in_the_letter(&mut world).await;
        refusals::an_expired_session(&mut world).await;
        refusals::before_and_after_voting(&mut world).await;
        cuts::an_answer_that_is_lost_is_settled_by_repeating(&mut world).await;
        cuts::a_server_that_starts_again_in_the_middle(&mut world).await;
        world.stop().await;
    });
}
