//! The network or the server fails in the middle of a cast: the voter settles it, and there is one vote.

use tokio::sync::oneshot;

use super::proxy::{Cut, Proxy};
use super::world::{World, run};

pub(super) async fn an_answer_that_is_lost_is_settled_by_repeating(world: &mut World) {
    for (cuts, times) in [
        (vec![Cut::After], 2),
        (vec![Cut::Before, Cut::After, Cut::Before, Cut::After], 5),
    ] {
        let (counted, size) = world.counted().await;
        let voter = world.voter();
        let proxy = Proxy::start(world.fixture.server(), cuts).await;
        let otp = world.otp(&world.open, &voter).await;
        let said = run(&mut world.vote_by(&proxy.address, &world.open, &voter, &otp)).await;
        assert_eq!(said.code, Some(0), "{said:?}");
        assert_eq!(proxy.posted(), times);
        assert_eq!(world.counted().await, (counted + 1, size + 1));
        assert!(
            said.out.contains(&format!("recorded as entry {size}\n")),
            "{said:?}"
        );
    }
}

pub(super) async fn a_server_that_starts_again_in_the_middle(world: &mut World) {
    let (counted, size) = world.counted().await;
    let (voter, late) = (world.voter(), world.voter());
    let (answered, has_answered) = oneshot::channel();
    let (let_go, release) = oneshot::channel();
    let cut = Cut::Held { answered, release };
    let proxy = Proxy::start(world.fixture.server(), vec![cut]).await;
    let (otp, late_otp) = (
        world.otp(&world.open, &voter).await,
        world.otp(&world.open, &late).await,
    );
    let mut command = world.vote_by(&proxy.address, &world.open, &voter, &otp);
    let voting = tokio::spawn(async move { run(&mut command).await });
    has_answered.await.unwrap();
    // The ballot is durable, the voter does not know; the server goes away and comes back.
    world.fixture.restart(async {}).await.unwrap();
    let_go.send(()).unwrap();
    let said = voting.await.unwrap();
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(proxy.posted(), 2);
    assert_eq!(world.counted().await, (counted + 1, size + 1));

    // A one-time code from before the restart still serves.
    let said = run(&mut world.vote(&world.open, &late, &late_otp)).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(world.counted().await, (counted + 2, size + 2));
}
